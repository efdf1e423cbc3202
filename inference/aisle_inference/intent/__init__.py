"""What a shopper wants, to know, to go, to buy or to do, and of which category: read from the events of a visit."""
