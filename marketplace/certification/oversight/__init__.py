"""After recognition: inspections, revocations, and orders of authorities to take something down."""
