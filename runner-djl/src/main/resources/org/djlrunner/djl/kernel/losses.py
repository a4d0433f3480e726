  # arrays: logits [N, C], labels [N] int64 or [N, C] float32, smoothing [] on the CPU.
  # The mean cross entropy, [] float32.
  def cross_entropy(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, smoothing, = arrays
    return [torch.cross_entropy_loss(torch.to(logits, 6), labels, None, 1, -100, float(smoothing))]

  # As cross_entropy, with weights [C] float32 of the classes behind.
  def weighted_cross_entropy(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, smoothing, weights, = arrays
    return [torch.cross_entropy_loss(torch.to(logits, 6), labels, weights, 1, -100, float(smoothing))]
