"""Others that do the same work, each as its own documentation has it.

They are programs, not part of the product.
"""
