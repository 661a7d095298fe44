"""The browser that journeys are walked with: the system's Chromium, or one fetched by the run itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL = "the tests need a browser: install the package chromium (apt install chromium)"


def system_chromium() -> str | None:
    """Return the path of a Chromium or Chrome on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_chromium(playwright: Playwright) -> str:
    """Return the path of a browser, fetching one where there is none.

    Root asks apt for the package; otherwise Playwright downloads its own build. Raises RuntimeError,
    which says what to install, where neither works.
    """
    if path := system_chromium():
        return path
    problems = _install_package()
    if path := system_chromium():
        return path
    own = Path(playwright.chromium.executable_path)
    if not own.exists():
        problems += _attempt(sys.executable, "-m", "playwright", "install", "chromium")
    if not own.exists():
        raise RuntimeError("\n".join([INSTALL, *problems]))
    return str(own)


def _install_package() -> list[str]:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return ["apt-get is for root alone"]
    patient = [apt, "-o", "DPkg::Lock::Timeout=300"]
    return _attempt(*patient, "update") + _attempt(*patient, "install", "-y", "chromium")


def _attempt(*command: str) -> list[str]:
    """Run a command; return what went wrong, if anything did."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return [f"{' '.join(command)}: {ended.stderr.strip()[-500:]}"] if ended.returncode else []


def launch(playwright: Playwright) -> Browser:
    """Start the browser without a window; root has to do without Chromium's sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=find_chromium(playwright), args=[*QUIET, *sandbox])
