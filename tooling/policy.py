"""The response headers that make the app private and let it use threads.

One table for all who answer requests: the development server sends it, and the build writes it into the service worker,
which adds it on hosts that send no headers of their own.
"""

from __future__ import annotations

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

# Directives that browsers ignore, with a warning, where the policy stands in the page instead of a header.
ONLY_IN_HEADERS = {"frame-ancestors"}


def content_security_policy(in_page: bool = False) -> str:
    """Return the Content-Security-Policy as a header's value, or as it may stand in a ``<meta>`` tag."""
    return "; ".join(
        f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items() if not (in_page and name in ONLY_IN_HEADERS)
    )


HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    # These two together isolate the page, which is what threads in WebAssembly ask for.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".zip": "application/zip",
}


def media_type(name: str) -> str:
    """Return the media type for a file name; bytes of no special kind where the ending says nothing."""
    start, dot, ending = name.rpartition(".")
    return MEDIA_TYPES.get(f".{ending.lower()}" if dot and start else "", "application/octet-stream")
