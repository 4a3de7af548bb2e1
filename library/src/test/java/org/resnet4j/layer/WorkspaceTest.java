package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class WorkspaceTest {
    private final Workers workers = new Workers(1);
    private final Workspace workspace = new Workspace(new Compute(KernelLookup.scalar(), workers));

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void aReleasedBufferIsLentAgain() {
        Tensor first = workspace.acquire(Shape.of(2, 8));
        workspace.release(first);
        Tensor second = workspace.acquire(Shape.of(4, 4));
        assertSame(first.array(), second.array());
        assertEquals(Shape.of(4, 4), second.shape());
        assertEquals(64, workspace.allocatedBytes());
    }

    @Test
    void aLentBufferIsNotLentTwice() {
        Tensor first = workspace.acquire(Shape.of(16));
        Tensor second = workspace.acquire(Shape.of(16));
        assertNotSame(first.array(), second.array());
        workspace.release(first);
        workspace.release(second);
        assertNotSame(
                workspace.acquire(Shape.of(16)).array(),
                workspace.acquire(Shape.of(16)).array());
        assertEquals(128, workspace.allocatedBytes());
    }

    @Test
    void aLongerBufferServesUnlessItWouldBeWasted() {
        Tensor large = workspace.acquire(Shape.of(100));
        workspace.release(large);
        assertNotSame(large.array(), workspace.acquire(Shape.of(10)).array());
        assertSame(large.array(), workspace.acquire(Shape.of(60)).array());
    }

    @Test
    void theShortestBufferThatFitsIsTaken() {
        Tensor longer = workspace.acquire(Shape.of(100));
        Tensor shorter = workspace.acquire(Shape.of(80));
        workspace.release(longer);
        workspace.release(shorter);
        assertSame(shorter.array(), workspace.acquire(Shape.of(70)).array());
        assertSame(longer.array(), workspace.acquire(Shape.of(70)).array());
    }

    @Test
    void aSharedBufferComesBackWhenItsLastHolderReleasesIt() {
        Tensor tensor = workspace.acquire(Shape.of(16));
        assertFalse(workspace.isShared(tensor));
        assertSame(tensor, workspace.share(tensor));
        workspace.share(tensor);
        workspace.release(tensor);
        assertTrue(workspace.isShared(tensor));
        workspace.release(tensor);
        assertFalse(workspace.isShared(tensor));
        assertNotSame(tensor.array(), workspace.acquire(Shape.of(16)).array());
        workspace.release(tensor);
        assertSame(tensor.array(), workspace.acquire(Shape.of(16)).array());
    }

    @Test
    void releasingTwiceIsFoundOut() {
        Tensor tensor = workspace.acquire(Shape.of(16));
        workspace.release(tensor);
        var thrown = assertThrows(AssertionError.class, () -> workspace.release(tensor));
        assertTrue(thrown.getMessage().contains("released twice"), thrown.getMessage());
    }

    @Test
    void aTapeGivesBackInReverse() {
        var tape = new Tape(workspace);
        Tensor first = Tensor.zeros(1);
        Tensor second = Tensor.zeros(2);
        tape.save(first);
        tape.save(second);
        assertFalse(tape.isEmpty());
        assertSame(second, tape.restore());
        assertSame(first, tape.restore());
        assertTrue(tape.isEmpty());
        assertSame(workspace, tape.workspace());
    }

    @Test
    void backwardWithoutForwardIsRefused() {
        var tape = new Tape(workspace);
        assertThrows(NoSuchElementException.class, () -> new Relu("relu").backward(Tensor.zeros(2), tape));
    }
}
