"""The pure stages, in the order in which data passes them: normalize, frame, merge, plan, chunk, reconcile."""

import os

# numpy comes with a library for matrices, which would start threads that wait busily; there is no matrix here
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
