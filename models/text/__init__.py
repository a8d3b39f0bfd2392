"""The pack that reads text: PP-OCRv6's two networks out of the package ``rapidocr``, made small."""
