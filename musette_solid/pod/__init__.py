"""A Solid client: HTTP, Solid-OIDC, DPoP, resources, access control. It moves graphs and knows nothing of what they mean."""
