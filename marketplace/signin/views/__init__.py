"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.signin import door
from marketplace.signin.views import (  # noqa: F401
    account,
    addresses,
    api_keys,
    demo,
    first_administrator,
    invitations,
    letter_choices,
    orders,
    own_data,
    passkeys,
    password,
    re_authentication,
    recovery,
    saved_addresses,
    saved_products,
    second_factor,
    sessions,
    sign_in,
    sign_up,
)

__all__ = ["door"]
