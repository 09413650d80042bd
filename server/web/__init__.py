"""HTTP plumbing: typed routes, their OpenAPI document, guards, files."""

API = "/api/v1"
