"""Sales points: shops and showrooms that introduce and sell OCOP products."""
