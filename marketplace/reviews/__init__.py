"""What buyers say of what they bought, and what people ask about a product; apart from the stars."""
