"""The nouns of Broadsheet: frozen, slotted, standard library only."""
