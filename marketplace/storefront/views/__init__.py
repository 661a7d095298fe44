"""The pages of the storefront, one module per feature."""
