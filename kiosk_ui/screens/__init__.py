"""One module a screen: from its page to shapes, words and touchable boxes."""
