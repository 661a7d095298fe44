"""Labels for printers: sheets, rolls, pictures and lists."""
