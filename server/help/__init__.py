"""A request for help from asking to thanks: who takes it, who may read its private part, whom it reaches."""
