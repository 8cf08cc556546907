package io.kohakuvault.arrow;

/** The two forms of Arrow IPC. */
public enum IpcFormat {
    /** With an index of its batches at the end ({@code .arrow}): for readers that map it, or choose batches. */
    FILE,
    /** One batch after the other ({@code .arrows}): for readers that begin before all is written. */
    STREAM
}
