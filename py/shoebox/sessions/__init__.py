"""Where networks run: one protocol, with onnxruntime behind it on CPython and ONNX Runtime Web in the browser."""
