"""Tasks of a Celery worker whose broker is the one under test; results come back by RPC, over the same broker."""

import os

from celery import Celery

NAME = os.environ["PABAL_CELERY_NAME"]
app = Celery("judge", broker=os.environ["PABAL_CELERY_BROKER"], backend="rpc://")
app.conf.update(
    task_default_queue=NAME,
    task_default_exchange=NAME,
    task_default_routing_key=NAME,
    worker_prefetch_multiplier=2,
    task_acks_late=True,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@app.task
def add(x, y):
    return x + y


@app.task(bind=True, max_retries=3)
def fail_twice(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0.1)
    return self.request.retries


@app.task
def boom():
    raise ValueError("as asked")
