package io.kohakuvault.arrow;

/** What a follower compares, to notice that rows which it has handed out are others now. */
public enum FollowCheck {
    /**
     * The number of rows and the row right before the place: costs nothing, and notices what is removed or inserted
     * before the place unless an equal row comes to stand there. Corrections further back are not noticed.
     */
    PLACE,
    /**
     * Every row that was handed out, by checksums of 1,024 rows each: notices corrections wherever they are, and where
     * they begin. Those rows are read again after each commit of whatever table, by address, and take 8 bytes of memory
     * a column for 1,024 of them. A {@link ArrowFollower#seek} beyond the rows that were handed out begins anew.
     */
    ROWS
}
