"""Small pictures of a file: `python -m gpu_tasks.previews FILE`, see `gpu_tasks.previews.__main__`."""
