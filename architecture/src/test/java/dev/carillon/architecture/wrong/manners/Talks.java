package dev.carillon.architecture.wrong.manners;

class Talks {
  static void talk() {
    System.out.println("to nobody");
  }
}
