"""What a robot carries: forests as ONNX, arrays, and the signed manifest over both."""
