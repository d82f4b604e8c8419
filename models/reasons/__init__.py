"""Why an answer is what it is, as values: one frozen dataclass per kind of reason, no text. app/wording words them."""
