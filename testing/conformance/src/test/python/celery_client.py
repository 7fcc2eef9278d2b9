"""Calls the tasks of celery_tasks.py and prints "OK <step>" after each step; exits 1 on a surprise."""

from celery import chain, group

from celery_tasks import add, app, boom, fail_twice

PATIENCE_S = 60


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


check(add.delay(2, 3).get(timeout=PATIENCE_S) == 5, "a task's result")
print("OK task")
results = [add.delay(i, i) for i in range(50)]
check([r.get(timeout=PATIENCE_S) for r in results] == [2 * i for i in range(50)], "fifty tasks")
print("OK many")
check(fail_twice.delay().get(timeout=PATIENCE_S) == 2, "two retries")
print("OK retry")
check(chain(add.s(1, 2), add.s(10), add.s(100))().get(timeout=PATIENCE_S) == 113, "a chain")
print("OK chain")
check(sorted(group(add.s(i, 1) for i in range(5))().get(timeout=PATIENCE_S)) == [1, 2, 3, 4, 5], "a group")
print("OK group")
try:
    boom.delay().get(timeout=PATIENCE_S)
    check(False, "an exception")
except ValueError as e:
    check(str(e) == "as asked", "its words")
print("OK exception")
check(add.apply_async((4, 5), countdown=1).get(timeout=PATIENCE_S) == 9, "a task for later")
print("OK later")
check(len(app.control.ping(timeout=PATIENCE_S, limit=1)) == 1, "the worker answers")
app.control.shutdown()
print("OK shutdown")
