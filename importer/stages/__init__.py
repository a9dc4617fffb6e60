"""The pure stages, in the order in which data passes them: normalize, frame, merge, plan, chunk, reconcile."""
