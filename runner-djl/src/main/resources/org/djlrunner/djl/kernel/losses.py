  # arrays: logits [N, C], labels [N] int64. The mean cross entropy, [] float32.
  def cross_entropy(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, = arrays
    return [torch.cross_entropy_loss(torch.to(logits, 6), labels)]
