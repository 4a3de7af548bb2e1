package org.resnet4j.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNameTest {
    @ParameterizedTest
    @CsvSource({
        "pets/,pets",
        "a/b/pets,pets",
        "./pets/.,pets",
        "resnet50.pth,resnet50",
        "x/best.SAFETENSORS,best",
        "resnet18.a1_in1k,resnet18.a1_in1k",
        "hub:timm/resnet18.a1_in1k@v1.0,resnet18.a1_in1k"
    })
    void fileIsNamedAfterTheModel(String given, String name) {
        assertEquals(name, ModelName.of(given, "resnet18").file());
    }

    @Test
    void headingNamesTheNetworkUnlessTheModelIsCalledSo() {
        assertEquals("pets (resnet18)", ModelName.of("pets", "resnet18").title());
        assertEquals("resnet18", ModelName.of("resnet18", "resnet18").title());
    }
}
