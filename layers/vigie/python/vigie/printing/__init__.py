"""What is printed, in whatever form: this package needs the layers of documents and printing."""
