package dev.pabal.queue;

/** What has become of a message since it was handed out in a certain generation. */
public enum Standing {
    /** It is in flight still, in that generation. */
    HELD,
    /** It has come back and nobody has it: that generation was its last. */
    RETURNED,
    /** It was handed out again since. */
    SUPERSEDED,
    /** It is settled or dead, was never handed out, or nobody remembers. */
    GONE
}
