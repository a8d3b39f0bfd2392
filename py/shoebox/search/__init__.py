"""From words to photos: the query language, its filters, the order and where relevance ends."""
