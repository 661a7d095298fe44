"""Pictures: woodblock prints drawn from products, and QR codes."""
