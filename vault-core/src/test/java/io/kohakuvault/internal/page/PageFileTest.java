package io.kohakuvault.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages by their number, in a file of several segments that grows. The file is sparse: only the pages that are looked
 * at take room.
 */
class PageFileTest {
    private static final int PAGE = 4096;
    private static final long SEGMENT_PAGES = (1L << 30) / PAGE;

    @TempDir
    Path folder;

    private RandomAccessFile file;
    private PageFile pages;

    @BeforeEach
    void open() throws IOException {
        Path path = folder.resolve("a.db");
        file = new RandomAccessFile(path.toFile(), "rw");
        pages = PageFile.acquire(path);
    }

    @AfterEach
    void close() throws IOException {
        pages.release();
        file.close();
    }

    /** Writes its number at both ends of a page. */
    private void mark(long page) throws IOException {
        file.seek((page - 1) * PAGE);
        file.writeLong(page);
        file.seek(page * PAGE - 8);
        file.writeLong(~page);
    }

    private void check(long page) throws IOException {
        ByteBuffer bytes = pages.page(page, PAGE);
        assertThat(bytes).as("page %d", page).isNotNull();
        assertThat(bytes.remaining()).isEqualTo(PAGE);
        assertThat(bytes.isReadOnly()).isTrue();
        assertThat(bytes.getLong(0)).isEqualTo(page);
        assertThat(bytes.getLong(PAGE - 8)).isEqualTo(~page);
    }

    @Test
    void pagesAreFoundOnBothSidesOfASegmentsEnd() throws IOException {
        List<Long> marked = List.of(
                1L,
                2L,
                SEGMENT_PAGES - 1,
                SEGMENT_PAGES,
                SEGMENT_PAGES + 1,
                SEGMENT_PAGES + 2,
                2 * SEGMENT_PAGES,
                2 * SEGMENT_PAGES + 1,
                2 * SEGMENT_PAGES + 7);
        for (long page : marked) {
            mark(page);
        }
        for (long page : marked) {
            check(page);
        }
        assertThat(pages.page(2 * SEGMENT_PAGES + 8, PAGE)).isNull();
        assertThat(pages.sizeBytes()).isEqualTo((2 * SEGMENT_PAGES + 7) * PAGE);
    }

    @Test
    void whatTheFileGrowsByIsMapped() throws IOException {
        assertThat(pages.page(1, PAGE)).isNull();
        for (long page :
                new long[] {1, 3, SEGMENT_PAGES - 1, SEGMENT_PAGES, SEGMENT_PAGES + 1, 2 * SEGMENT_PAGES + 5}) {
            mark(page);
            check(page);
            assertThat(pages.page(page + 1, PAGE)).isNull();
            check(1);
        }
        check(SEGMENT_PAGES);
        file.setLength((2 * SEGMENT_PAGES + 5) * PAGE + PAGE / 2); // half a page is none
        assertThat(pages.page(2 * SEGMENT_PAGES + 6, PAGE)).isNull();
        assertThat(pages.page(0, PAGE)).isNull();
        assertThat(pages.page(Long.MAX_VALUE / PAGE, PAGE)).isNull();
    }

    @Test
    void allThatHaveTheFileOpenShareIt() throws IOException {
        Path path = folder.resolve("a.db");
        PageFile again = PageFile.acquire(path);
        assertThat(again).isSameAs(pages);
        mark(1);
        check(1);
        again.release();
        check(1); // one has it open yet
        pages.release();
        PageFile anew = PageFile.acquire(path);
        assertThat(anew).isNotSameAs(pages);
        pages = anew;
        check(1);
    }
}
