"""What scans tell, without telling who scanned."""
