"""The edge towards the service: transport, pacing, wire models, client. Nothing else speaks HTTP to it."""
