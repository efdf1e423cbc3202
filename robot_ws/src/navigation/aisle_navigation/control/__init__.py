"""The local controller: the velocity of the next moment, among people who move on."""
