"""How well proctoring sees, and what that costs: real faces, the live path, truth, score."""
