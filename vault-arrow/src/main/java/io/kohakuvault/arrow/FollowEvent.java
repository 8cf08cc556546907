package io.kohakuvault.arrow;

/** What has become of a table that is followed. */
public enum FollowEvent {
    /** There are rows that were not handed out: {@link ArrowFollower#scan()} reads them. */
    ROWS,
    /** Nothing was appended in the time that was waited. */
    TIMEOUT,
    /**
     * The rows before the place are not those that were there: some were removed or inserted, or the last one was
     * corrected. {@link ArrowFollower#seek} says where to go on.
     */
    CHANGED,
    /** The follower is closed. */
    CLOSED
}
