"""The whole product on one machine, with nothing but Python, and a company to watch.

It is the same worker and the same exporter as anywhere else, started as processes of their own;
only the broker and the store are embedded ones. No part of the product may import from here but the
command line.
"""
