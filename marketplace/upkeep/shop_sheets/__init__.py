"""What a producer keeps, as a sheet: taken out, changed with a spreadsheet, tried, and put back whole."""
