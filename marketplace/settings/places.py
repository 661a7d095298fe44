"""Where things lie: the project, its instance folder, data that settings are checked against."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
INSTANCE = PROJECT / "instance"
PROVINCES = PROJECT / "marketplace" / "data" / "places" / "admin_provinces_2025.csv"
BANKS = PROJECT / "marketplace" / "data" / "payments" / "banks.csv"
LOOPBACK = {"127.0.0.1", "localhost"}
