"""What a GPU composes against what the CPU composes: `make gpu-check`.

The comparisons themselves (`pairs`, `reference`) run in the ordinary suite on torch's CPU device, in
`tests/engine/test_torch_executor.py`.
"""
