"""What one step computes: tensors only. It knows no request and no text."""
