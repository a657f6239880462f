"""Benchmarks. Each prints ratios measured inside one interleaved run: the machine may be shared and noisy."""
