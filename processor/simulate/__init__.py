"""What the demo needs beside the product: events with a known truth, and servers in packages.

Nothing that runs in production may import from here.
"""
