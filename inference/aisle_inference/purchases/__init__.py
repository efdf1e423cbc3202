"""What was bought: typed tables of transactions and products, and the arrays that learning reads."""
