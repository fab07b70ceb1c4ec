"""What a person sees first: Today, the person page, the palette."""
