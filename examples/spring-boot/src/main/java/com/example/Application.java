package com.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.Classification;
import org.resnet4j.ImageClassifier;
import org.resnet4j.image.file.UnreadableImageException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Answers an uploaded picture with its classes, as JSON. */
@SpringBootApplication
class Application {
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    /** Loads the model when the application starts. Spring closes the classifier when it ends. */
    @Bean
    ImageClassifier classifier(@Value("${model}") String model) throws IOException {
        return ImageClassifier.load(Path.of(model));
    }

    @RestController
    record Pictures(ImageClassifier classifier) {
        @PostMapping(path = "/classify", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
        List<Classification> classify(@RequestParam MultipartFile picture) throws IOException {
            return classifier.classify(picture.getBytes());
        }

        @ExceptionHandler
        ProblemDetail unreadable(UnreadableImageException problem) {
            return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, problem.getMessage());
        }
    }
}
