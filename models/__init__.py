"""Model packs: default weights, their training recipe, and the evaluation that judges them."""
